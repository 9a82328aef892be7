import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Icon } from "@/ui/Icon";
import { Markdown } from "@/ui/Markdown";
import { s } from "@/ui/strings";
import css from "./label.module.css";

export function Guidelines({ markdown }: { markdown: string }) {
  const [search, setSearch] = useState("");
  if (markdown.trim() === "") return <p className={`${css.guideText} lw-quiet`}>{s.label.noGuidelines}</p>;
  return (
    <>
      <TextInput
        className={css.guideSearch}
        size="xs"
        aria-label={s.label.searchGuidelines}
        placeholder={s.label.searchGuidelines}
        leftSection={<Icon name="search" size={14} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setSearch("");
          event.currentTarget.blur();
        }}
      />
      <div className={css.guideText} tabIndex={0}>
        <Markdown source={markdown} search={search} />
      </div>
    </>
  );
}

import { onSite } from "@/site/base";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { Question } from "@/api/types";
import { Icon } from "@/ui/Icon";
import { Markdown } from "@/ui/Markdown";
import { s } from "@/ui/strings";
import css from "./label.module.css";

/** The guidelines of a question, with the examples that are pinned to them. */
export function Guidelines({ guidelines }: { guidelines: Question["guidelines"] }) {
  const { markdown } = guidelines;
  const examples = guidelines.examples ?? [];
  const [search, setSearch] = useState("");
  if (markdown.trim() === "" && examples.length === 0) return <p className={`${css.guideText} lw-quiet`}>{s.label.noGuidelines}</p>;
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
        {examples.length > 0 && <h3>{s.label.examples}</h3>}
        {examples.map((one) => (
          <figure key={one.item} className={css.example}>
            {one.content.content.media ? <img src={onSite(one.content.content.media)} alt="" /> : <blockquote dir="auto">{one.content.content.text ?? one.content.key}</blockquote>}
            <figcaption dir="auto">
              <b>{one.label}</b> {one.rule}
            </figcaption>
          </figure>
        ))}
      </div>
    </>
  );
}

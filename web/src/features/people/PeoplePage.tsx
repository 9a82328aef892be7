import { Button, Loader, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { Icon } from "@/ui/Icon";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { AccountRow } from "./AccountRow";
import { InviteDialog } from "./InviteDialog";
import css from "./people.module.css";
import { usersQuery } from "./requests";

const PAUSE_MS = 200;

/** Everybody with an account, for admins: roles, projects, links, closing. */
export function PeoplePage() {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const [inviting, setInviting] = useState(false);
  const users = useInfiniteQuery(usersQuery(search));
  const list = users.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={s.people.title}
      actions={
        <Button leftSection={<Icon name="plus" />} onClick={() => setInviting(true)} data-testid="invite">
          {s.people.invite}
        </Button>
      }
    >
      <TextInput
        className={css.filter}
        aria-label={s.people.filter}
        placeholder={s.people.filter}
        leftSection={<Icon name="search" />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-testid="filter"
      />
      {users.error && <ErrorNotice error={asApiError(users.error)} />}
      {users.isPending && <Loader size="sm" aria-label={s.common.loading} />}
      {users.data && list.length === 0 && <Empty title={s.people.noMatch}>{s.people.noMatchText(search)}</Empty>}
      {list.length > 0 && (
        <ul className={css.list} aria-busy={users.isPlaceholderData} data-testid="accounts">
          {list.map((one) => (
            <AccountRow key={one.id} account={one} />
          ))}
        </ul>
      )}
      {users.hasNextPage && (
        <Button mt="md" variant="default" loading={users.isFetchingNextPage} onClick={() => void users.fetchNextPage()}>
          {s.people.more}
        </Button>
      )}
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
    </Page>
  );
}

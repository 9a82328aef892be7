import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "@/api/error";
import { ago } from "@/ui/format";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Once } from "./Once";
import css from "./people.module.css";
import { makeToken, revokeToken, tokensQuery } from "./requests";

export function Tokens() {
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const [name, setName] = useState("");
  const refresh = () => client.invalidateQueries({ queryKey: ["tokens"] });
  const create = useMutation({
    mutationFn: () => makeToken(name.trim()),
    onSuccess: () => {
      setName("");
      return refresh();
    },
  });
  const revoke = useMutation({ mutationFn: revokeToken, onSuccess: refresh });
  const error = create.error ?? revoke.error ?? tokens.error;
  return (
    <section className="lw-panel">
      <h2>{s.account.tokens}</h2>
      <p className="lw-quiet lw-small">{s.account.tokensText}</p>
      <ul className={css.people}>
        {tokens.data?.items.map((token) => (
          <li key={token.id}>
            <div>
              <b dir="auto">{token.name || token.prefix}</b>
              <span className="lw-quiet lw-small">
                {token.prefix}… · {ago(token.created_at)}
              </span>
            </div>
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => revoke.mutate(token.id)}>
              {s.account.revoke}
            </Button>
          </li>
        ))}
      </ul>
      {tokens.data?.items.length === 0 && <p className="lw-quiet lw-small">{s.account.noTokens}</p>}
      <form
        className={css.line}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput aria-label={s.account.tokenName} placeholder={s.account.tokenName} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={create.isPending}>
          {s.account.newToken}
        </Button>
      </form>
      {error && <ErrorNotice error={asApiError(error)} />}
      {create.data?.secret && <Once text={s.account.tokenOnce} value={create.data.secret} />}
    </section>
  );
}

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "@/api/client";
import { setCsrf } from "@/api/csrf";
import { asApiError, type ApiError } from "@/api/error";
import { sessionQuery, waysQuery } from "@/api/session";
import type { Session } from "@/api/types";
import { onSite } from "@/site/base";
import { ErrorNotice, Notice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Card } from "./Card";

/** What a new session does to the page: the token and the person are known from here on. */
export function useOpened(): (session: Session, next?: string) => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (session, next) => {
    client.clear();
    setCsrf(session);
    client.setQueryData(sessionQuery.queryKey, session);
    void navigate({ href: next ?? "/", replace: true });
  };
}

export function LoginPage() {
  const { next, ended, problem } = useSearch({ strict: false });
  const ways = useQuery(waysQuery);
  const opened = useOpened();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async () => {
    setBusy(true);
    try {
      opened(await data(api.POST("/api/v1/session", { body: { email, password } })), next);
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return (
    <Card title={s.session.title} onSubmit={() => void submit()}>
      {problem !== undefined && <Notice tone="bad">{s.session.problems[problem === "forbidden" || problem === "invalid-input" ? problem : "failed"]}</Notice>}
      {ended && <Notice tone="warn">{s.session.ended}</Notice>}
      <TextInput label={s.session.email} data-testid="email" type="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
      <PasswordInput data-testid="password" label={s.session.password} autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
      {error && <ErrorNotice error={error} />}
      <Button type="submit" loading={busy} fullWidth>
        {s.session.submit}
      </Button>
      {ways.data?.provider && (
        <Button component="a" href={onSite(`/api/v1/session/provider/start?then=${encodeURIComponent(next ?? "/")}`)} variant="default" fullWidth data-testid="provider">
          {ways.data.provider}
        </Button>
      )}
      <p className="lw-quiet lw-small">{s.session.first}</p>
    </Card>
  );
}

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "@/api/client";
import { asApiError, type ApiError } from "@/api/error";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Card } from "./Card";
import { useOpened } from "./LoginPage";

const SHORTEST = 10;

/** Claims a one-time link: `/link#TOKEN` keeps the token out of the server's log, `/link/TOKEN` works too. */
export function LinkPage() {
  const params = useParams({ strict: false });
  const token = params.token ?? window.location.hash.slice(1);
  const opened = useOpened();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState<"set" | "look" | null>(null);
  const short = password !== "" && password.length < SHORTEST;

  const claim = async (how: "set" | "look") => {
    setBusy(how);
    const body = { token, name: name.trim() || null, password: how === "set" ? password : null };
    try {
      opened(await data(api.POST("/api/v1/session/link", { body })));
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(null);
    }
  };

  return (
    <Card title={s.session.linkTitle} onSubmit={() => void claim("set")}>
      <p className="lw-quiet">{token === "" ? s.session.noToken : s.session.linkText}</p>
      <TextInput data-testid="name" label={s.session.name} autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <PasswordInput
        label={s.session.newPassword}
        data-testid="password"
        autoComplete="new-password"
        value={password}
        error={short ? s.session.tooShort : undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {error && <ErrorNotice error={error} />}
      <Button type="submit" loading={busy === "set"} disabled={token === "" || password.length < SHORTEST || busy !== null} fullWidth>
        {s.session.claim}
      </Button>
      <Button variant="default" loading={busy === "look"} disabled={token === "" || busy !== null} onClick={() => void claim("look")} fullWidth data-testid="look-around">
        {s.session.look}
      </Button>
      <p className="lw-quiet lw-small">{s.session.lookText}</p>
    </Card>
  );
}

import { Button, SegmentedControl, Switch, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { set, useSettings } from "@/actions/settings";
import { setCsrf } from "@/api/csrf";
import { sessionQuery, useSession } from "@/api/session";
import { words } from "@/ui/format";
import { Badge, Page } from "@/ui/parts";
import { s } from "@/ui/strings";
import { KeyMap } from "./KeyMap";
import css from "./people.module.css";
import { TextSettings } from "./TextSettings";
import { Tokens } from "./Tokens";
import { signOut } from "./requests";

export function AccountPage() {
  const session = useSession();
  const prefs = useSettings();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  const leave = async () => {
    await signOut().catch(() => undefined); // signed out already is as good
    setCsrf(null);
    client.clear();
    client.setQueryData(sessionQuery.queryKey, null);
    void navigate({ to: "/login" });
  };

  return (
    <Page
      title={session?.user.name || session?.user.email || s.account.title}
      actions={
        <>
          {session && <Badge>{words(session.user.role)}</Badge>}
          <Button variant="default" onClick={() => void leave()}>
            {s.account.signOut}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <div className={css.stack}>
          <section className="lw-panel">
            <h2>{s.account.appearance}</h2>
            <SegmentedControl
              mt="sm"
              aria-label={s.account.theme}
              value={colorScheme}
              onChange={(next) => setColorScheme(next as MantineColorScheme)}
              data={(Object.keys(s.account.themes) as MantineColorScheme[]).map((value) => ({ value, label: s.account.themes[value] }))}
            />
          </section>
          <section className="lw-panel">
            <h2>{s.account.labeling}</h2>
            <Switch
              mt="sm"
              label={s.account.askEnter}
              description={s.account.askEnterText}
              checked={prefs.askEnter}
              onChange={(event) => set({ askEnter: event.currentTarget.checked })}
              data-testid="ask-enter"
            />
            <TextSettings />
          </section>
          <Tokens />
          <p className="lw-quiet lw-small">{session && s.account.version(session.version)}</p>
        </div>
        <KeyMap />
      </div>
    </Page>
  );
}

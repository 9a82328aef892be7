import { Button, Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ApiError } from "@/api/error";
import { Empty, ErrorNotice, Page } from "@/ui/parts";
import { s } from "@/ui/strings";

/** What is shown when a page throws. A fault of the page itself must not read as one of the network. */
export function Broken({ error }: { error: unknown }) {
  return (
    <Page title={s.common.broken}>
      <ErrorNotice error={error instanceof ApiError ? error : new ApiError(-1, "unexpected", s.common.faulty(error instanceof Error ? error.message : String(error)))} />
      <p className="lw-quiet">{s.common.brokenText}</p>
      <Button variant="default" onClick={() => window.location.reload()}>
        {s.common.reload}
      </Button>
    </Page>
  );
}

export function Nothing() {
  return (
    <main>
      <Empty
        title={s.common.notFound}
        action={
          <Button component={Link} to="/" variant="default">
            {s.common.home}
          </Button>
        }
      >
        {s.common.notFoundText}
      </Empty>
    </main>
  );
}

export function Waiting() {
  return <Loader m="xl" size="sm" aria-label={s.common.loading} />;
}

import { onSite } from "@/site/base";
import { Button } from "@mantine/core";
import { Icon } from "@/ui/Icon";
import { s } from "@/ui/strings";

/** The report, in a tab of its own: it is a page that the server writes. */
export function ReportLink({ slug }: { slug: string }) {
  return (
    <Button component="a" href={onSite(`/api/v1/projects/${slug}/report`)} target="_blank" rel="noopener" variant="default" size="compact-sm" leftSection={<Icon name="book" />} title={s.rounds.reportTitle} data-testid="report">
      {s.rounds.report}
    </Button>
  );
}

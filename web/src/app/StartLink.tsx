import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { s } from "@/ui/strings";

/** To Create, with what a plan proposes. */
export function StartLink({ plan }: { plan: string }) {
  const navigate = useNavigate();
  return (
    <Button onClick={() => void navigate({ to: "/new", search: { plan } })} data-testid="start-project">
      {s.planning.startProject}
    </Button>
  );
}

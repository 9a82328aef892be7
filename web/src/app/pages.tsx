/** Pages that take something from the address; each is loaded when it is first opened. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";
import { Waiting } from "./Broken";

const Label = lazy(async () => ({ default: (await import("@/features/label/LabelPage")).LabelPage }));
const Progress = lazy(async () => ({ default: (await import("@/features/progress/ProgressPage")).ProgressPage }));
const Items = lazy(async () => ({ default: (await import("@/features/item/ItemsPage")).ItemsPage }));
const Item = lazy(async () => ({ default: (await import("@/features/item/ItemPage")).ItemPage }));

function Soon({ children }: { children: ReactNode }) {
  return <Suspense fallback={<Waiting />}>{children}</Suspense>;
}

function useSlug(): string {
  return useParams({ strict: false }).slug ?? "";
}

export function LabelPage() {
  return (
    <Soon>
      <Label slug={useSlug()} />
    </Soon>
  );
}

export function ProgressPage() {
  const slug = useSlug();
  return (
    <Soon>
      <Progress key={slug} slug={slug} />
    </Soon>
  );
}

export function ItemsPage() {
  const slug = useSlug();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <Soon>
      <Items
        key={slug}
        slug={slug}
        filter={{ show: search.show ?? "all", label: search.label ?? null, search: search.search ?? "" }}
        onFilter={(next) =>
          void navigate({
            to: "/p/$slug/items",
            params: { slug },
            replace: true,
            search: {
              ...(next.show === "all" ? {} : { show: next.show }),
              ...(next.label === null ? {} : { label: next.label }),
              ...(next.search === "" ? {} : { search: next.search }),
            },
          })
        }
      />
    </Soon>
  );
}

export function ItemPage() {
  const slug = useSlug();
  const id = useParams({ strict: false }).id ?? "";
  return (
    <Soon>
      <Item key={id} slug={slug} id={id} />
    </Soon>
  );
}

import { Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { set, useSettings } from "@/actions/settings";
import { useKeysOf } from "@/actions/Keyed";
import type { ProjectDetail } from "@/api/types";
import { KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Guidelines } from "./Guidelines";
import css from "./label.module.css";
import type { Done } from "./model";
import { WhyPanel } from "./WhyPanel";

interface Props {
  project: ProjectDetail;
  last: Done | undefined;
  whyOpen: boolean;
  onWhy: (open: boolean) => void;
  drawer: boolean;
  onDrawer: (open: boolean) => void;
}

/** Guidelines in sight, and below them why the last item was asked; drawers on a phone. */
export function Aside({ project, last, whyOpen, onWhy, drawer, onDrawer }: Props) {
  const { guidelinesOpen } = useSettings();
  const [key] = useKeysOf("guidelines");
  const [whyKey] = useKeysOf("why");
  const narrow = useMediaQuery("(width < 900px)", undefined, { getInitialValueInEffect: false });
  if (narrow) {
    return (
      <>
        <Drawer opened={drawer} onClose={() => onDrawer(false)} title={s.label.guidelinesVersion(project.guidelines.version)} position="bottom" size="75%">
          <Guidelines markdown={project.guidelines.markdown} />
        </Drawer>
        <Drawer opened={whyOpen} onClose={() => onWhy(false)} title={s.label.whyTitle} position="bottom" size="55%">
          <WhyPanel slug={project.slug} last={last} />
        </Drawer>
      </>
    );
  }
  if (!guidelinesOpen && !whyOpen) {
    return (
      <button type="button" className={css.asideClosed} onClick={() => set({ guidelinesOpen: true })} title={s.label.showGuidelines}>
        <span>{s.label.guidelines}</span>
        <KeyCap>{key}</KeyCap>
      </button>
    );
  }
  return (
    <aside className={css.aside} data-testid="guidelines">
      {guidelinesOpen && (
        <section className={css.guide} aria-label={s.label.guidelines}>
          <header>
            <h2>{s.label.guidelinesVersion(project.guidelines.version)}</h2>
            <button type="button" className={css.fold} onClick={() => set({ guidelinesOpen: false })} aria-label={s.label.hideGuidelines}>
              <KeyCap silent>{key}</KeyCap>
            </button>
          </header>
          <Guidelines markdown={project.guidelines.markdown} />
        </section>
      )}
      {whyOpen && (
        <section className={css.why} aria-label={s.label.whyTitle} data-testid="why-panel">
          <header>
            <h2>{s.label.whyTitle}</h2>
            <button type="button" className={css.fold} onClick={() => onWhy(false)} aria-label={s.common.close}>
              <KeyCap silent>{whyKey}</KeyCap>
            </button>
          </header>
          <WhyPanel slug={project.slug} last={last} />
        </section>
      )}
    </aside>
  );
}

import { Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { set, useSettings } from "@/actions/settings";
import { VisuallyHidden } from "@mantine/core";
import { useKeysOf } from "@/actions/Keyed";
import type { Question } from "@/api/types";
import { KeyCap } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Guidelines } from "./Guidelines";
import css from "./label.module.css";
import type { Done } from "./state";
import { WhyPanel } from "./WhyPanel";

interface Props {
  slug: string;
  /** The one that has the keys. */
  question: Question;
  several: boolean;
  /** Whether guidelines of any question have been written. */
  guided: boolean;
  last: Done | undefined;
  whyOpen: boolean;
  onWhy: (open: boolean) => void;
  drawer: boolean;
  onDrawer: (open: boolean) => void;
}

/** Guidelines in sight, and below them why the last item was asked; drawers on a phone. */
export function Aside({ slug, question, several, guided, last, whyOpen, onWhy, drawer, onDrawer }: Props) {
  const { guidelinesOpen } = useSettings();
  const { guidelines } = question;
  const title = s.label.guidelinesVersion(guidelines.version);
  const asked = several && <p className={`${css.asked} lw-quiet lw-small`} dir="auto">{question.name}</p>;
  const [key] = useKeysOf("guidelines");
  const [whyKey] = useKeysOf("why");
  const narrow = useMediaQuery("(width < 900px)", undefined, { getInitialValueInEffect: false });
  if (narrow) {
    return (
      <>
        <Drawer opened={drawer} onClose={() => onDrawer(false)} title={title} position="bottom" size="75%">
          {asked}
          <Guidelines key={question.id} guidelines={guidelines} />
        </Drawer>
        <Drawer opened={whyOpen} onClose={() => onWhy(false)} title={s.label.whyTitle} position="bottom" size="55%">
          <WhyPanel slug={slug} last={last} />
        </Drawer>
      </>
    );
  }
  if (!guided && !whyOpen) return null;
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
      {guided && guidelinesOpen && (
        <section className={css.guide} aria-label={s.label.guidelines}>
          <header>
            <h2>{title}</h2>
            <button type="button" className={css.fold} onClick={() => set({ guidelinesOpen: false })}>
              <VisuallyHidden>{s.label.hideGuidelines}</VisuallyHidden>
              <KeyCap silent>{key}</KeyCap>
            </button>
          </header>
          {asked}
          <Guidelines key={question.id} guidelines={guidelines} />
        </section>
      )}
      {whyOpen && (
        <section className={css.why} aria-label={s.label.whyTitle} data-testid="why-panel">
          <header>
            <h2>{s.label.whyTitle}</h2>
            <button type="button" className={css.fold} onClick={() => onWhy(false)}>
              <VisuallyHidden>{s.common.close}</VisuallyHidden>
              <KeyCap silent>{whyKey}</KeyCap>
            </button>
          </header>
          <WhyPanel slug={slug} last={last} />
        </section>
      )}
    </aside>
  );
}

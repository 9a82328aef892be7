import { Link } from "@tanstack/react-router";
import { moment } from "@/ui/format";
import { Badge } from "@/ui/parts";
import { s } from "@/ui/strings";
import { Items } from "./Items";
import type { Finding, Look } from "./requests";
import css from "./team.module.css";

const texts = s.team.attention;

interface LooksProps {
  slug: string;
  looks: readonly Look[];
  /** Name by id; without it the person is known already. */
  names?: ReadonlyMap<string, string>;
}

/** What tests say, with the evidence and the items behind it. */
export function Looks({ slug, looks, names }: LooksProps) {
  return (
    <ul className={css.looks}>
      {looks.map((look) => (
        <li key={`${look.person_id} ${look.test}`} data-alarm={look.alarm || undefined}>
          <p>
            {names && (
              <Link to="/p/$slug/team/$person" params={{ slug, person: look.person_id }}>
                <b dir="auto">{names.get(look.person_id) ?? look.person_id}</b>
              </Link>
            )}{" "}
            <Badge tone={look.alarm ? "warn" : undefined}>{texts.tests[look.test]}</Badge>{" "}
            <span className="lw-quiet lw-small">{look.alarm ? look.at && texts.at(moment(look.at)) : s.team.person.quiet}</span>
          </p>
          {look.alarm && <p>{texts.meaning[look.test]}</p>}
          <p className="lw-quiet lw-small">{look.text}</p>
          <Items slug={slug} items={look.items} label={texts.items} />
        </li>
      ))}
    </ul>
  );
}

/** Shares of classes that are beyond chance. */
export function Findings({ slug, findings }: { slug: string; findings: readonly Finding[] }) {
  return (
    <ul className={css.looks}>
      {findings.map((one) => (
        <li key={`${one.person_id} ${one.label} ${one.slice} ${one.at}`}>
          <p>
            <Link to="/p/$slug/team/$person" params={{ slug, person: one.person_id }} className={css.sentence}>
              {one.text}
            </Link>
          </p>
          <p className="lw-quiet lw-small">
            {texts.expected(one.rate.value ?? 0, one.expected)}, {texts.effect(one.effect)}, <span title={texts.corrected}>{texts.p(one.p_value)}</span>
          </p>
          <Items slug={slug} items={one.items} label={texts.items} />
        </li>
      ))}
    </ul>
  );
}

import css from "./drift.module.css";

/** Which colour is which label. */
export function Legend({ names }: { names: readonly { name: string; color: string }[] }) {
  if (names.length < 2) return null;
  return (
    <ul className={css.legend}>
      {names.map((one) => (
        <li key={one.name}>
          <span style={{ background: one.color }} aria-hidden /> <span dir="auto">{one.name}</span>
        </li>
      ))}
    </ul>
  );
}

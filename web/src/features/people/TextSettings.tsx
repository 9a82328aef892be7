import { SegmentedControl, Switch, TextInput } from "@mantine/core";
import { set, useSettings, type Settings } from "@/actions/settings";
import { s } from "@/ui/strings";
import css from "./people.module.css";

/** How texts are shown to this person, on this device. */
export function TextSettings() {
  const prefs = useSettings();
  const { texts } = s.account;
  return (
    <div className={css.texts} data-testid="text-settings">
      <h3>{texts.title}</h3>
      <label>
        {texts.width}
        <SegmentedControl aria-label={texts.width} value={prefs.textWidth} onChange={(value) => set({ textWidth: value as Settings["textWidth"] })} data={Object.entries(texts.widths).map(([value, label]) => ({ value, label }))} />
      </label>
      <label>
        {texts.size}
        <SegmentedControl aria-label={texts.size} value={prefs.textSize} onChange={(value) => set({ textSize: value as Settings["textSize"] })} data={Object.entries(texts.sizes).map(([value, label]) => ({ value, label }))} />
      </label>
      <Switch label={texts.wrap} checked={prefs.wrap} onChange={(event) => set({ wrap: event.currentTarget.checked })} />
      <TextInput label={texts.words} description={texts.wordsText} maxLength={500} value={prefs.words} onChange={(event) => set({ words: event.currentTarget.value })} />
    </div>
  );
}

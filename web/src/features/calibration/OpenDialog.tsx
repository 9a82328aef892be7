import { Button, Loader, Modal, MultiSelect, NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "@/api/error";
import type { ProjectDetail } from "@/api/types";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import css from "./calibration.module.css";
import { PickItems } from "./PickItems";
import { openSession, proposalsQuery } from "./requests";

type Purpose = "calibration" | "training";
const PASS_MARK = 80;

/** What the session is for, who takes part, and the items, which are proposed. */
export function OpenDialog({ project, onClose }: { project: ProjectDetail; onClose: () => void }) {
  const { slug, questions } = project;
  const texts = s.calibration.dialog;
  const [title, setTitle] = useState("");
  const [purpose, setPurpose] = useState<Purpose>("calibration");
  const [question, setQuestion] = useState(project.question.id);
  const [people, setPeople] = useState<string[]>([]);
  const [pass, setPass] = useState(PASS_MARK);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const proposals = useQuery(proposalsQuery(slug, question));
  const training = purpose === "training";
  const groups = (proposals.data?.groups ?? []).filter((one) => (one.kind === "known") === training);
  const open = useMutation({
    mutationFn: () =>
      openSession(slug, { title: title.trim(), purpose, question, people, items: [...picked], pass_mark: training ? pass / 100 : null }),
    onSuccess: ({ session }) => {
      void client.invalidateQueries({ queryKey: ["calibrations", slug] });
      void navigate({ to: "/p/$slug/calibrate/$id", params: { slug, id: session } });
    },
  });
  const start = (some: () => void) => {
    some();
    setPicked([]);
  };
  return (
    <Modal opened onClose={onClose} size="xl" title={texts.title} transitionProps={{ duration: 100 }} closeButtonProps={{ "aria-label": s.common.close }}>
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (!open.isPending) open.mutate();
        }}
      >
        <div className={css.purpose}>
          <SegmentedControl aria-label={texts.purpose} value={purpose} onChange={(value) => start(() => setPurpose(value as Purpose))} data={(["calibration", "training"] as const).map((value) => ({ value, label: s.calibration.purposes[value] ?? value }))} />
          <span className="lw-quiet lw-small">{texts.purposeTexts[purpose]}</span>
        </div>
        <TextInput label={texts.name} placeholder={texts.namePlaceholder} required maxLength={200} data-autofocus value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <div className={css.fields}>
          {questions.length > 1 && (
            <Select label={texts.question} allowDeselect={false} value={question} onChange={(value) => value && start(() => setQuestion(value))} data={questions.map((one) => ({ value: one.id, label: one.name }))} />
          )}
          <MultiSelect label={texts.people} placeholder={people.length === 0 ? texts.everybody : undefined} clearable searchable value={people} onChange={setPeople} data={(proposals.data?.people ?? []).map((one) => ({ value: one.id, label: one.name }))} />
          {training && <NumberInput label={texts.pass} description={texts.passText} suffix=" %" min={1} max={100} value={pass} onChange={(value) => typeof value === "number" && setPass(value)} />}
        </div>
        <h3>{texts.items}</h3>
        {proposals.error && <ErrorNotice error={asApiError(proposals.error)} />}
        {proposals.isPending && <Loader size="sm" aria-label={s.common.loading} />}
        {proposals.data && groups.length === 0 && <p className="lw-quiet">{training ? texts.noKnown : texts.noItems}</p>}
        <PickItems groups={groups} picked={picked} onPick={setPicked} />
        {open.error && <ErrorNotice error={asApiError(open.error)} />}
        <div className={css.foot}>
          <Button type="submit" loading={open.isPending} disabled={!title.trim() || picked.length === 0}>
            {texts.submit}
          </Button>
          <Button variant="default" onClick={onClose}>
            {s.common.cancel}
          </Button>
          <span className="lw-quiet" role="status">{texts.picked(picked.length)}</span>
        </div>
      </form>
    </Modal>
  );
}

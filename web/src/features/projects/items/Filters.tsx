import { ActionIcon, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import type { Question } from "@/api/types";
import { Icon } from "@/ui/Icon";
import type { Slice } from "@/selection/requests";
import { s } from "@/ui/strings";
import { askAbout, SHOWS, SORTS, type Filter, type Show, type Sort } from "./filter";
import css from "./items.module.css";

interface Props {
  slices: readonly Slice[];
  questions: readonly Question[];
  question: Question | undefined;
  filter: Filter;
  onFilter: (filter: Filter) => void;
  /** More controls, at the end. */
  children?: ReactNode;
}

const TYPING_MS = 250;

export function Filters({ slices, questions, question, filter, onFilter, children }: Props) {
  const [typed, setTyped] = useState(filter.search);
  const search = useDebouncedCallback((text: string) => onFilter({ ...filter, search: text }), TYPING_MS);
  return (
    <div className={css.filters}>
      <TextInput
        className={css.search}
        leftSection={<Icon name="search" />}
        placeholder={s.records.search}
        aria-label={s.records.search}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      <Select
        className={css.choice}
        aria-label={s.records.showLabel}
        allowDeselect={false}
        value={filter.show}
        onChange={(show) => show && onFilter({ ...filter, show: show as Show })}
        data={SHOWS.map((value) => ({ value, label: s.records.show[value] }))}
        data-testid="show"
      />
      {questions.length > 1 && (
        <Select
          className={css.question}
          aria-label={s.records.question}
          allowDeselect={false}
          value={question?.id ?? null}
          onChange={(id) => onFilter(askAbout(filter, id))}
          data={questions.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      {question && question.labels.length > 0 && (
        <Select
          className={css.choice}
          aria-label={s.records.label}
          placeholder={s.records.anyLabel}
          clearable
          searchable={question.labels.length > 10}
          value={filter.label}
          onChange={(label) => onFilter({ ...filter, label })}
          data={question.labels.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      {slices.length > 0 && (
        <Select
          className={css.choice}
          aria-label={s.selection.slice}
          placeholder={s.selection.anySlice}
          clearable
          searchable={slices.length > 10}
          value={filter.slice}
          onChange={(slice) => onFilter({ ...filter, slice })}
          data={slices.map((one) => ({ value: one.id, label: one.name }))}
          data-testid="slice"
        />
      )}
      <div className={css.sort}>
        <Select
          aria-label={s.records.sort}
          allowDeselect={false}
          value={filter.sort}
          onChange={(sort) => sort && onFilter({ ...filter, sort: sort as Sort })}
          data={SORTS.map((value) => ({ value, label: s.records.sorts[value] }))}
          data-testid="sort"
        />
        <ActionIcon
          variant="default"
          size={36}
          aria-pressed={filter.descending}
          aria-label={filter.descending ? s.records.descending : s.records.ascending}
          title={filter.descending ? s.records.descending : s.records.ascending}
          onClick={() => onFilter({ ...filter, descending: !filter.descending })}
        >
          <Icon name={filter.descending ? "descending" : "ascending"} />
        </ActionIcon>
        {children}
      </div>
    </div>
  );
}

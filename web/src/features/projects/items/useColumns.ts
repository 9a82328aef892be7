import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { columnsFor, toColumns, type Column, type Room } from "./columns";

interface Columns {
  shown: Column[];
  room: Room;
  /** Null: what fits. */
  choose: (columns: Column[] | null) => void;
  isChosen: boolean;
}

const NOW = { getInitialValueInEffect: false };

/** The columns of the list; what a person chooses is kept in this browser. */
export function useColumns(): Columns {
  const narrow = useMediaQuery("(width < 640px)", undefined, NOW);
  const medium = useMediaQuery("(width < 1000px)", undefined, NOW);
  const [chosen, choose] = useLocalStorage<Column[] | null>({
    key: "labelwright.items.columns",
    defaultValue: null,
    deserialize: toColumns,
    ...NOW,
  });
  const room = narrow ? "narrow" : medium ? "medium" : "wide";
  return { shown: columnsFor(chosen, room), room, choose, isChosen: chosen !== null };
}

/** A place to drop a file or a folder; gives files with their path inside the folder. */
import { Button } from "@mantine/core";
import { useRef, useState, type DragEvent } from "react";
import css from "./filedrop.module.css";
import { Icon } from "./Icon";
import { s } from "./strings";

export interface Dropped {
  file: File;
  path: string;
}

export function FileDrop({ onFiles, compact = false }: { onFiles: (files: Dropped[]) => void; compact?: boolean }) {
  const [over, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (files: Dropped[]) => {
    const kept = files.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX"));
    if (kept.length > 0) onFiles(kept);
  };
  const chosen = (list: FileList | null) => take([...(list ?? [])].map((one) => ({ file: one, path: one.webkitRelativePath || one.name })));
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    take((await Promise.all(entries.map(walk))).flat());
  };
  return (
    <div
      className={css.drop}
      data-over={over || undefined}
      data-compact={compact || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <Icon name="file" size={compact ? 20 : 32} />
      <b>{s.create.drop}</b>
      {!compact && <p className="lw-quiet">{s.create.formats}</p>}
      <div className={css.buttons}>
        <Button variant={compact ? "default" : "filled"} onClick={() => file.current?.click()}>
          {s.create.chooseFile}
        </Button>
        <Button variant="default" onClick={() => folder.current?.click()}>
          {s.create.chooseFolder}
        </Button>
      </div>
      <input ref={file} type="file" hidden data-testid="file-input" onChange={(event) => chosen(event.currentTarget.files)} />
      <input ref={folder} type="file" hidden multiple {...{ webkitdirectory: "" }} data-testid="folder-input" onChange={(event) => chosen(event.currentTarget.files)} />
    </div>
  );
}

async function walk(entry: FileSystemEntry): Promise<Dropped[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: Dropped[] = [];
  // A reader gives at most a hundred entries at a time.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return files;
    files.push(...(await Promise.all(entries.map(walk))).flat());
  }
}

/** Texts of the dialog that exports labels in any format. */
export const exports = {
  more: "Other formats …",
  withImages: "CSV with the images, as a zip",
  title: "Export labels",
  format: "Format",
  tables: "Tables",
  tools: "Other tools",
  metadata: "With metadata (Croissant), as a zip",
  metadataText: "What was asked, how often and with which models, for catalogues of data sets.",
  leftOut: "The file is downloaded. About it:",
  done: "The file is downloaded. It holds everything that the export has.",
  names: {
    csv: "CSV", tsv: "TSV", xlsx: "Excel", jsonl: "JSONL", parquet: "Parquet", "label-studio": "Label Studio", argilla: "Argilla", prodigy: "Prodigy", doccano: "doccano", huggingface: "Hugging Face (Parquet)", "huggingface-folder": "Hugging Face (folder, as a zip)",
  },
} as const;

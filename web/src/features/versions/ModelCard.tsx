import { Button, Loader, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asApiError } from "@/api/error";
import { onSite } from "@/site/base";
import { Icon } from "@/ui/Icon";
import { Markdown } from "@/ui/Markdown";
import { ErrorNotice } from "@/ui/parts";
import { s } from "@/ui/strings";
import { cardQuery } from "./requests";
import css from "./versions.module.css";

const texts = s.versions;

/** The card of a model, shown and to be downloaded. */
export function ModelCard({ slug, model, onClose }: { slug: string; model: string; onClose: () => void }) {
  const card = useQuery(cardQuery(slug, model));
  return (
    <Modal opened onClose={onClose} title={texts.cardOf(model)} size="xl" transitionProps={{ duration: 100 }}>
      <div className={css.form}>
        {card.error && <ErrorNotice error={asApiError(card.error)} />}
        {card.isPending && <Loader size="sm" aria-label={s.common.loading} />}
        {card.data !== undefined && (
          <>
            <Button component="a" variant="default" className={css.start} leftSection={<Icon name="download" />} href={onSite(`/api/v1/projects/${slug}/models/${encodeURIComponent(model)}/card`)} download={`${slug}.${model}.md`}>
              {texts.download}
            </Button>
            <div data-testid="card">
              <Markdown source={card.data} />
            </div>
          </>
        )}
      </div>
    </Modal>
  );
}

import { useEffect } from "react";
import { fromAnnotations } from "./answers";
import { annotationsBeside } from "./requests";
import type { Done } from "./state";

/** Open an earlier answer to be given again, such as one that a reviewer sent back. */
export function useAgain(slug: string, annotation: string | null, correct: (target: Done) => void, onOpened: () => void): void {
  useEffect(() => {
    if (annotation === null) return;
    let wanted = true;
    annotationsBeside(slug, annotation)
      .then(
        (found) => {
          const [target] = fromAnnotations(found);
          if (wanted && target) correct(target);
        },
        () => undefined, // it is still on the page that led here
      )
      .finally(() => wanted && onOpened());
    return () => {
      wanted = false;
    };
  }, [annotation, correct, onOpened, slug]);
}

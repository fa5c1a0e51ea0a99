import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "../parts/button.tsx";
import dialog from "../parts/dialog.module.css";
import { formatDateTime } from "../text/format.ts";
import { t } from "../text/t.ts";
import { shellTexts as texts } from "./texts.ts";

/** Told two minutes ahead. A session that ends because it is not used goes on when its reader says so. */
export function EndingDialog({ endsAt, mayStay }: { endsAt: Date; mayStay: boolean }): ReactNode {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(true);

  function stay(): void {
    setOpen(false);
    void queries.invalidateQueries({ queryKey: ["session", "current"] });
  }

  return (
    <AlertDialog.Root open={isOpen} onOpenChange={setOpen}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialog["backdrop"]} />
        <AlertDialog.Popup className={dialog["popup"]}>
          <AlertDialog.Title className={dialog["title"]}>
            {t(texts.endingTitle, { when: formatDateTime(endsAt) })}
          </AlertDialog.Title>
          <AlertDialog.Description>{t(mayStay ? texts.endingIdle : texts.endingForGood)}</AlertDialog.Description>
          <div className={dialog["actions"]}>
            {mayStay ? (
              <Button kind="primary" onClick={stay}>
                {t(texts.stay)}
              </Button>
            ) : (
              <Button kind="primary" onClick={() => setOpen(false)}>
                {t(texts.understood)}
              </Button>
            )}
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

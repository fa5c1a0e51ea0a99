import { Dialog } from "@base-ui/react/dialog";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { preferences } from "../shell/preferences.ts";
import { t } from "../text/t.ts";
import button from "./button.module.css";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import classes from "./slide-out.module.css";
import type { SlideOutProps } from "./slide-out.tsx";
import { partTexts as texts } from "./texts.ts";

/** What `SlideOut` becomes. */
export function LoadedSlideOut({
  isOpen,
  title,
  about,
  onClose,
  onStep,
  stepLabels,
  children,
}: SlideOutProps): ReactNode {
  const head = useRef<HTMLHeadingElement>(null);
  return (
    <Dialog.Root open={isOpen} modal={false} disablePointerDismissal onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Popup
          className={classes["slideOut"]}
          initialFocus={head}
          finalFocus={true}
          data-slide-out=""
          onKeyDown={(event) => stepByKey(event, onStep)}
        >
          <div className={classes["head"]}>
            <Dialog.Title ref={head} tabIndex={-1} className={classes["title"]}>
              {title}
            </Dialog.Title>
            <div className={classes["about"]}>{about}</div>
            {onStep && stepLabels && (
              <>
                <IconButton icon={ChevronLeft} label={stepLabels.previous} onClick={() => onStep(-1)} />
                <IconButton icon={ChevronRight} label={stepLabels.next} onClick={() => onStep(1)} />
              </>
            )}
            <Dialog.Close className={button["icon"]} aria-label={t(texts.close)} title={t(texts.close)}>
              <Icon of={X} />
            </Dialog.Close>
          </div>
          <div className={classes["body"]}>{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** `j` and `k`, unless somebody types or switched single keys off. */
function stepByKey(event: KeyboardEvent<HTMLElement>, onStep: ((by: -1 | 1) => void) | undefined): void {
  if (!onStep || (event.key !== "j" && event.key !== "k") || preferences().keys === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = event.target as HTMLElement;
  if (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) return;
  event.preventDefault();
  onStep(event.key === "j" ? 1 : -1);
}

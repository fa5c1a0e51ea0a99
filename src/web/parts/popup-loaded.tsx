import { Popover } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import menu from "./menu.module.css";
import type { PopupProps } from "./popup.tsx";

/** What `Popup` becomes. */
export function LoadedPopup({
  words,
  className,
  label,
  align = "start",
  isOpen,
  onOpenChange,
  children,
  ...rest
}: PopupProps): ReactNode {
  return (
    <Popover.Root open={isOpen} onOpenChange={onOpenChange}>
      <Popover.Trigger className={className} {...rest}>
        {words}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={menu["positioner"]} align={align} sideOffset={4}>
          <Popover.Popup className={menu["popup"]} aria-label={label}>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

import type { LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import classes from "./button.module.css";
import { Icon } from "./icon.tsx";

interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  /** `primary` is the one next thing of a page or dialog; `danger` destroys or takes away. */
  kind?: "primary" | "plain" | "danger" | "quiet";
  icon?: LucideIcon;
  /** Its work is under way: it stays where it is and takes no second click. */
  isBusy?: boolean;
}

export function Button({ kind = "plain", icon, isBusy = false, children, onClick, ...rest }: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      className={classes["button"]}
      data-kind={kind}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon of={icon} />}
      {children}
    </button>
  );
}

/** Only for close, more, copy, sort, expand; its name is read aloud and shown on hover. */
export function IconButton({
  icon,
  label,
  ...rest
}: Omit<ComponentProps<"button">, "className" | "children"> & { icon: LucideIcon; label: string }): ReactNode {
  return (
    <button type="button" {...rest} className={classes["icon"]} aria-label={label} title={label}>
      <Icon of={icon} />
    </button>
  );
}

export const buttonClass = classes["button"];

"use client";

import { Dropdown, DropdownItem, DropdownList, MenuToggle, Tooltip } from "@patternfly/react-core";
import { EllipsisVIcon } from "@patternfly/react-icons";
import { useState } from "react";

export type RowAction = {
  readonly title: string;
  readonly onClick: () => void;
  /** Why it cannot be done now; the entry stays and says so. */
  readonly refused?: string | undefined;
  readonly isDanger?: boolean;
};

type Props = { readonly label: string; readonly actions: readonly RowAction[] };

/** The menu behind three dots at the end of a row. */
export function RowMenu({ label, actions }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onSelect={() => {
        setIsOpen(false);
      }}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          aria-label={label}
          isExpanded={isOpen}
          icon={<EllipsisVIcon />}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        />
      )}
    >
      <DropdownList>
        {actions.map(({ title, onClick, refused, isDanger }) => {
          const item = (
            <DropdownItem
              key={title}
              isAriaDisabled={refused !== undefined}
              isDanger={isDanger === true}
              onClick={onClick}
            >
              {title}
            </DropdownItem>
          );
          if (refused === undefined) return item;
          return (
            <Tooltip key={title} content={refused}>
              {item}
            </Tooltip>
          );
        })}
      </DropdownList>
    </Dropdown>
  );
}

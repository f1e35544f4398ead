"use client";

import { Dropdown, DropdownItem, DropdownList, MenuToggle } from "@patternfly/react-core";
import { EllipsisVIcon } from "@patternfly/react-icons";
import type { TreeNode } from "@drover/contract";
import { describeCommand, logsCommand } from "@drover/crds";
import { useState } from "react";
import { useNotifications } from "../../shared/notifications.tsx";
import { usePreference } from "../../shared/preferences.ts";
import type { NodeTab } from "./node-drawer.tsx";

type Props = { readonly node: TreeNode; readonly onView: (node: TreeNode, tab: NodeTab) => void };

/** What can be taken away from a row: the commands to look at it, and the object itself. */
export function NodeMenu({ node, onView }: Props) {
  const { notify } = useNotifications();
  const [flavour] = usePreference("command");
  const [isOpen, setIsOpen] = useState(false);
  const describe = describeCommand(node, { client: flavour });
  const logs = logsCommand(node, { client: flavour });
  const copy = async (command: string) => {
    await navigator.clipboard.writeText(command);
    notify("success", "Command copied", `Run it on cluster ${node.cluster}: ${command}`);
  };
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onSelect={(event) => {
        event?.stopPropagation();
        setIsOpen(false);
      }}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          aria-label={`Actions for ${node.kind} ${node.name}`}
          isExpanded={isOpen}
          icon={<EllipsisVIcon />}
          onClick={(event) => {
            event.stopPropagation();
            setIsOpen(!isOpen);
          }}
        />
      )}
    >
      <DropdownList>
        <DropdownItem onClick={() => void copy(describe)}>Copy {flavour} describe</DropdownItem>
        {logs !== undefined && (
          <DropdownItem onClick={() => void copy(logs)}>Copy {flavour} logs</DropdownItem>
        )}
        <DropdownItem
          onClick={() => {
            onView(node, "json");
          }}
        >
          View JSON
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}

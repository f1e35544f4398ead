"use client";

import {
  Button,
  EmptyState,
  EmptyStateBody,
  NotificationDrawer,
  NotificationDrawerBody,
  NotificationDrawerHeader,
  NotificationDrawerList,
  NotificationDrawerListItem,
  NotificationDrawerListItemBody,
  NotificationDrawerListItemHeader,
} from "@patternfly/react-core";
import { useNotifications } from "../notifications.tsx";
import { Age } from "../ui/age.tsx";

type Props = { readonly onClose: () => void };

/** Every answer to what the person did in this tab, newest first. */
export function NotificationPanel({ onClose }: Props) {
  const { all, clear } = useNotifications();
  return (
    <NotificationDrawer>
      <NotificationDrawerHeader count={all.filter((each) => !each.isRead).length} onClose={onClose}>
        <Button variant="link" onClick={clear} isAriaDisabled={all.length === 0}>
          Clear all
        </Button>
      </NotificationDrawerHeader>
      <NotificationDrawerBody>
        {all.length === 0 && (
          <EmptyState headingLevel="h3" titleText="No notifications">
            <EmptyStateBody>
              Answers to what you do appear here, so that you can read them again.
            </EmptyStateBody>
          </EmptyState>
        )}
        <NotificationDrawerList>
          {all.map((each) => (
            <NotificationDrawerListItem key={each.id} variant={each.variant} isRead={each.isRead}>
              <NotificationDrawerListItemHeader variant={each.variant} title={each.title} />
              <NotificationDrawerListItemBody timestamp={<Age since={each.at} />}>
                {each.detail}
              </NotificationDrawerListItemBody>
            </NotificationDrawerListItem>
          ))}
        </NotificationDrawerList>
      </NotificationDrawerBody>
    </NotificationDrawer>
  );
}

"use client";

import { Page, SkipToContent } from "@patternfly/react-core";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { LiveProvider } from "../api/live.tsx";
import { createQueryClient } from "../api/query-client.ts";
import { NotificationsProvider, useNotifications } from "../notifications.tsx";
import { Masthead } from "./masthead.tsx";
import { Navigation } from "./navigation.tsx";
import { NotificationPanel } from "./notification-panel.tsx";
import { SessionGate } from "./session-gate.tsx";

const MAIN = "main";

function Shell({ children }: { readonly children: ReactNode }) {
  const { markAllRead } = useNotifications();
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const toggle = () => {
    if (isDrawerOpen) markAllRead();
    setIsDrawerOpen(!isDrawerOpen);
  };
  return (
    <Page
      masthead={<Masthead isDrawerOpen={isDrawerOpen} onToggleDrawer={toggle} />}
      sidebar={<Navigation />}
      isManagedSidebar
      isContentFilled
      skipToContent={<SkipToContent href={`#${MAIN}`}>Skip to content</SkipToContent>}
      mainContainerId={MAIN}
      notificationDrawer={<NotificationPanel onClose={toggle} />}
      isNotificationDrawerExpanded={isDrawerOpen}
    >
      {children}
    </Page>
  );
}

/** Everything around a page: the query cache, the session, the live stream, the bars. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <NotificationsProvider>
        <SessionGate>
          <LiveProvider>
            <Shell>{children}</Shell>
          </LiveProvider>
        </SessionGate>
      </NotificationsProvider>
    </QueryClientProvider>
  );
}

"use client";

import {
  Content,
  Masthead as PfMasthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  NotificationBadge,
  PageToggleButton,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from "@patternfly/react-core";
import Link from "next/link";
import { useSession } from "../api/session.ts";
import { useNotifications } from "../notifications.tsx";
import { LiveIndicator } from "./live-indicator.tsx";
import { Logo } from "./logo.tsx";
import { UserMenu } from "./user-menu.tsx";

type Props = { readonly isDrawerOpen: boolean; readonly onToggleDrawer: () => void };

/** The bar on top of every page: which cluster, whether it is live, and who is here. */
export function Masthead({ isDrawerOpen, onToggleDrawer }: Props) {
  const { host } = useSession();
  const { all } = useNotifications();
  const unread = all.filter((each) => !each.isRead).length;
  return (
    <PfMasthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label="Show or hide the navigation" />
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={(props) => <Link {...props} href="/" />}>
            <Logo />
            <Content component="h4">Drover</Content>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isStatic>
          <ToolbarContent>
            <ToolbarGroup>
              <ToolbarItem visibility={{ default: "hidden", md: "visible" }}>
                <Content component="small">
                  {host.name} · {host.version}
                </Content>
              </ToolbarItem>
            </ToolbarGroup>
            <ToolbarGroup align={{ default: "alignEnd" }}>
              <ToolbarItem alignSelf="center">
                <LiveIndicator />
              </ToolbarItem>
              <ToolbarItem>
                <NotificationBadge
                  variant={unread > 0 ? "unread" : "read"}
                  count={unread}
                  aria-label="Notifications"
                  isExpanded={isDrawerOpen}
                  onClick={onToggleDrawer}
                />
              </ToolbarItem>
              <ToolbarItem>
                <UserMenu />
              </ToolbarItem>
            </ToolbarGroup>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </PfMasthead>
  );
}

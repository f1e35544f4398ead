"use client";

import {
  Content,
  Flex,
  Masthead as PfMasthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  NotificationBadge,
  PageToggleButton,
  Title,
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

// A name is not a sentence: the mark needs no underline to be found.
const plain = { textDecoration: "none", color: "inherit" } as const;

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
          <MastheadLogo
            component={(props) => (
              <Link {...props} href="/" aria-label="Drover: overview" style={plain} />
            )}
          >
            <Flex
              alignItems={{ default: "alignItemsCenter" }}
              spaceItems={{ default: "spaceItemsSm" }}
              flexWrap={{ default: "nowrap" }}
            >
              <Logo />
              <Title headingLevel="h2" size="xl">
                Drover
              </Title>
            </Flex>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isStatic>
          <ToolbarContent>
            <ToolbarGroup alignItems="center">
              <ToolbarItem alignSelf="center" visibility={{ default: "hidden", md: "visible" }}>
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

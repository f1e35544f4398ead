"use client";

import { Nav, NavItem, NavList, PageSidebar, PageSidebarBody } from "@patternfly/react-core";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useSession } from "../api/session.ts";

const pages = [
  { href: "/", title: "Overview" },
  { href: "/clusters", title: "Clusters" },
  { href: "/repositories", title: "Replication repositories" },
  { href: "/plans", title: "Migration plans" },
] as const;

const isHere = (pathname: string, href: string) =>
  href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);

/** The pages of the console, with the current one marked. */
export function Navigation() {
  const pathname = usePathname();
  const { permissions } = useSession();
  const shown = permissions["audit.read"].allowed
    ? [...pages, { href: "/audit", title: "Audit" }]
    : pages;
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label="Pages">
          <NavList>
            {shown.map(({ href, title }) => (
              <NavItem key={href} itemId={href} isActive={isHere(pathname, href)}>
                <Link href={href}>{title}</Link>
              </NavItem>
            ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}

"use client";

import { PageSection, Tab, TabTitleText, Tabs } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { useUrlState } from "../url-state.ts";

export type UrlTab = { readonly key: string; readonly title: string; readonly content: ReactNode };

type Props = { readonly label: string; readonly tabs: readonly UrlTab[] };

/** Tabs whose choice is in the page's address; without one the first is open. */
export function UrlTabs({ label, tabs }: Props) {
  const url = useUrlState();
  const first = tabs[0]?.key;
  const active = url.get("tab") ?? first;
  return (
    <Tabs
      aria-label={label}
      {...(active !== undefined && { activeKey: active })}
      onSelect={(_event, key) => {
        url.set({ tab: key === first ? undefined : String(key) });
      }}
    >
      {tabs.map(({ key, title, content }) => (
        <Tab key={key} eventKey={key} title={<TabTitleText>{title}</TabTitleText>}>
          {key === active && <PageSection hasBodyWrapper={false}>{content}</PageSection>}
        </Tab>
      ))}
    </Tabs>
  );
}

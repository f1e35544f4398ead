"use client";

import {
  Divider,
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
} from "@patternfly/react-core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, errorSentence } from "../api/client.ts";
import { useSession } from "../api/session.ts";
import { useNotifications } from "../notifications.tsx";
import { usePreference } from "../preferences.ts";
import { applyTheme, readTheme, type Theme } from "./theme.ts";

const themes: readonly { readonly theme: Theme; readonly title: string }[] = [
  { theme: "system", title: "Same as this machine" },
  { theme: "light", title: "Light" },
  { theme: "dark", title: "Dark" },
];

/** The signed-in person's name, choices and way out. */
export function UserMenu() {
  const { user } = useSession();
  const { notify } = useNotifications();
  const [isOpen, setIsOpen] = useState(false);
  const [theme, setTheme] = useState<Theme>(() => readTheme());
  const [flavour, setFlavour] = usePreference("command");
  const signOut = useMutation({
    mutationFn: () => api.post("/session/sign-out"),
    onSuccess: () => {
      globalThis.location.assign("/");
    },
    onError: (error) => {
      notify("danger", "You are still signed in", errorSentence(error));
    },
  });
  const choose = (chosen: Theme) => {
    applyTheme(chosen);
    setTheme(chosen);
  };
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          isExpanded={isOpen}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          {user.name}
        </MenuToggle>
      )}
    >
      <DropdownGroup label="Theme">
        <DropdownList>
          {themes.map((each) => (
            <DropdownItem
              key={each.theme}
              isSelected={each.theme === theme}
              onClick={() => {
                choose(each.theme);
              }}
            >
              {each.title}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
      <Divider />
      <DropdownGroup label="Copied commands begin with">
        <DropdownList>
          {(["oc", "kubectl"] as const).map((each) => (
            <DropdownItem
              key={each}
              isSelected={each === flavour}
              onClick={() => {
                setFlavour(each);
              }}
            >
              {each}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
      <Divider />
      <DropdownList>
        <DropdownItem
          onClick={() => {
            signOut.mutate();
          }}
        >
          Sign out
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}

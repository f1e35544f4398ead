"use client";

import { useSyncExternalStore } from "react";

const defaults = { command: "oc" } as const;
type Preferences = { command: "oc" | "kubectl" };

const listeners = new Set<() => void>();
const key = (name: keyof Preferences) => `drover.${name}`;

function read(name: keyof Preferences): Preferences[typeof name] {
  return localStorage.getItem(key(name)) === "kubectl" ? "kubectl" : defaults[name];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A choice of this person in this browser, and how to change it. */
export function usePreference<K extends keyof Preferences>(
  name: K,
): [Preferences[K], (value: Preferences[K]) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => read(name),
    () => defaults[name],
  );
  const set = (chosen: Preferences[K]) => {
    localStorage.setItem(key(name), chosen);
    for (const listener of listeners) listener();
  };
  return [value, set];
}

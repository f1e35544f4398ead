"use client";

import { Alert, AlertActionCloseButton, AlertGroup } from "@patternfly/react-core";
import { createContext, useContext, useMemo, useState, type ReactNode } from "react";

type Variant = "success" | "danger" | "warning" | "info";

/** An answer to something the person did. Kept after its toast has gone, for the notification drawer. */
export type Notification = {
  readonly id: number;
  readonly variant: Variant;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly at: string;
  readonly isRead: boolean;
};

type Notifications = {
  readonly all: readonly Notification[];
  readonly notify: (variant: Variant, title: string, detail?: string) => void;
  readonly markAllRead: () => void;
  readonly clear: () => void;
};

const Context = createContext<Notifications | undefined>(undefined);

// The drawer is a memory aid, not an archive.
const KEPT = 100;
const TOAST_MS = 8000;
let lastId = 0;

export function useNotifications(): Notifications {
  const notifications = useContext(Context);
  if (notifications === undefined) throw new Error("Notifications need their provider.");
  return notifications;
}

export function NotificationsProvider({ children }: { readonly children: ReactNode }) {
  const [all, setAll] = useState<readonly Notification[]>([]);
  const [toasts, setToasts] = useState<readonly Notification[]>([]);

  const value = useMemo(() => {
    const notify: Notifications["notify"] = (variant, title, detail) => {
      lastId += 1;
      const at = new Date().toISOString();
      const notification = { id: lastId, variant, title, detail, at, isRead: false };
      setAll((kept) => [notification, ...kept].slice(0, KEPT));
      setToasts((shown) => [notification, ...shown]);
    };
    return {
      notify,
      markAllRead: () => {
        setAll((kept) => kept.map((each) => ({ ...each, isRead: true })));
      },
      clear: () => {
        setAll([]);
      },
    };
  }, []);

  const dismiss = (id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id));
  };
  return (
    <Context value={{ all, ...value }}>
      {children}
      <AlertGroup isToast isLiveRegion>
        {toasts.map((toast) => (
          <Alert
            key={toast.id}
            variant={toast.variant}
            title={toast.title}
            timeout={toast.variant === "success" || toast.variant === "info" ? TOAST_MS : false}
            onTimeout={() => {
              dismiss(toast.id);
            }}
            actionClose={
              <AlertActionCloseButton
                onClose={() => {
                  dismiss(toast.id);
                }}
              />
            }
          >
            {toast.detail}
          </Alert>
        ))}
      </AlertGroup>
    </Context>
  );
}

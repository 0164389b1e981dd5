// Short messages in the corner, the newest below. A message is an error in most cases, and often one about
// a lost connection: so this is part of the page from the start, and small. Nobody has to be quick to read
// one: it stays while the mouse or the keyboard is on it.
import { Notification, type NotificationProps, Portal, Stack } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";

const STAYS_MS = 6_000;
const AT_ONCE_MAX = 4;

export interface Notice {
  /** A later notice of the same id takes the place of this one. */
  id?: string;
  color?: NotificationProps["color"];
  title?: ReactNode;
  message: ReactNode;
  /** Milliseconds; false: until it is closed. */
  autoClose?: number | false;
}

interface Shown extends Notice {
  id: string;
  /** Counts up each time it is said, so that its time begins anew. */
  said: number;
}

const useNotices = create<{ all: readonly Shown[] }>(() => ({ all: [] }));
let said = 0;

/** Its id, for `takeBack`. */
export function notify(notice: Notice): string {
  said += 1;
  const shown: Shown = { ...notice, id: notice.id ?? `notice-${said}`, said };
  useNotices.setState(({ all }) => ({
    all: [...all.filter(({ id }) => id !== shown.id), shown].slice(-AT_ONCE_MAX),
  }));
  return shown.id;
}

export function takeBack(id: string): void {
  useNotices.setState(({ all }) => ({ all: all.filter((one) => one.id !== id) }));
}

export function Notices() {
  const all = useNotices((state) => state.all);
  if (all.length === 0) return null;
  return (
    <Portal>
      <Stack gap="sm" className="cc-notices">
        {all.map((notice) => (
          <OneNotice key={notice.id} notice={notice} />
        ))}
      </Stack>
    </Portal>
  );
}

function OneNotice({ notice }: { notice: Shown }) {
  const { t } = useTranslation();
  const { id, said: when, autoClose = STAYS_MS } = notice;
  const [read, setRead] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is said again stays as long again
  useEffect(() => {
    if (read || autoClose === false) return;
    const timer = setTimeout(() => takeBack(id), autoClose);
    return () => clearTimeout(timer);
  }, [read, autoClose, id, when]);
  return (
    <Notification
      withBorder
      color={notice.color ?? "blue"}
      title={notice.title}
      closeButtonProps={{ "aria-label": t("action.close") }}
      onClose={() => takeBack(id)}
      onMouseEnter={() => setRead(true)}
      onMouseLeave={() => setRead(false)}
      onFocus={() => setRead(true)}
      onBlur={() => setRead(false)}
    >
      {notice.message}
    </Notification>
  );
}

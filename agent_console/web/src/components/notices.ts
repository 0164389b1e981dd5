// Short messages in the corner. Their library is loaded after the page; what is said before that is shown
// as soon as it is there.

import type { NotificationData } from "@mantine/notifications";
import i18next from "i18next";

const loaded = () => import("@mantine/notifications");

export function notify(notice: NotificationData): void {
  void loaded().then(({ notifications }) =>
    notifications.show({
      closeButtonProps: { "aria-label": i18next.t("action.close") },
      ...notice,
    }),
  );
}

export function takeBack(id: string): void {
  void loaded().then(({ notifications }) => notifications.hide(id));
}

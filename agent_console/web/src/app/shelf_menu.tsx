// The button in the header behind which the calls are that an agent may take himself; the list is
// fetched when it is opened.
import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconPhoneCheck } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Rows } from "@/components/feedback";
import { useOwnRow } from "@/state/console";

const Shelf = lazy(async () => ({ default: (await import("@/components/shelf")).Shelf }));

export function ShelfMenu() {
  const { t } = useTranslation();
  const row = useOwnRow();
  const [open, setOpen] = useState(false);
  if (row === null || row.state === "offline") return null;
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={360}
      withinPortal
      trapFocus
    >
      <Popover.Target>
        <Tooltip label={t("shelf.title")}>
          <ActionIcon
            size={32}
            variant="default"
            aria-label={t("shelf.title")}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <IconPhoneCheck size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t("shelf.title")} data-testid="shelf">
        <Suspense fallback={<Rows count={2} />}>
          <Shelf taken={() => setOpen(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}

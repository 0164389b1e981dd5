// The drawer in which an interaction opens; its content is loaded with the first one.
import { Drawer, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Rows } from "./feedback";

const InteractionDetail = lazy(async () => ({
  default: (await import("./interaction_detail")).InteractionDetail,
}));

export function InteractionDrawer({ call, onClose }: { call: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={call !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={650}>{t("interaction.title")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Suspense fallback={<Rows count={6} />}>
        {call !== null && <InteractionDetail call={call} />}
      </Suspense>
    </Drawer>
  );
}

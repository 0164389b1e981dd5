// The drawer itself, with the interaction in it; see `interaction_drawer`, which loads it.
import { Drawer, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { InteractionDetail } from "./interaction_detail";

export interface InteractionDrawerProps {
  call: string | null;
  onClose: () => void;
}

export function OpenDrawer({ call, onClose }: InteractionDrawerProps) {
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
      {call !== null && <InteractionDetail call={call} />}
    </Drawer>
  );
}

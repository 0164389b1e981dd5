// An alert is given to somebody else who sees it: who is here comes first; a way back for as long as the
// notice stays.
import { Badge, Button, Menu } from "@mantine/core";
import { IconUserShare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { useUndoable } from "@/components/removal";
import { useSaving } from "@/components/saving";
import { useSession } from "@/state/session";
import { type AlertEvent, type AlertTaker, giveAlert, listTakers } from "@/wire/floor";

export function GiveAlert({ alert }: { alert: AlertEvent }) {
  const { t } = useTranslation();
  const words = useErrorText();
  const tell = useUndoable();
  const me = useSession().id;
  const [opened, setOpened] = useState(false);
  const { save, saving } = useSaving(["news", "alerts"]);
  const takers = useQuery({
    queryKey: ["alert-takers", alert.id],
    queryFn: () => listTakers(alert.id),
    enabled: opened,
  });
  const others = (takers.data ?? []).filter(({ id }) => id !== me && id !== alert.given_to);
  const give = (to: AlertTaker) =>
    save(async () => {
      const before = await giveAlert(alert.id, to.id);
      const told = t("alert.given", { alert: alert.name, name: to.name });
      tell("blue", told, () => void save(() => giveAlert(alert.id, before.user)));
    });
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          loading={saving}
          leftSection={<IconUserShare size={14} />}
        >
          {t("alert.give")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {takers.isError && <Menu.Label>{words(takers.error)}</Menu.Label>}
        {takers.isSuccess && others.length === 0 && <Menu.Label>{t("alert.nobody")}</Menu.Label>}
        {others.map((one) => (
          <Menu.Item
            key={one.id}
            onClick={() => void give(one)}
            rightSection={
              one.here && (
                <Badge size="xs" color="green" variant="light" className="cc-badge">
                  {t("alert.here")}
                </Badge>
              )
            }
          >
            {one.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

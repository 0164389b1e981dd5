// Shown after the password to somebody whose role needs a second factor and who has none: nothing else is
// open before it is set up.
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SetUpFactor } from "@/components/sign_in/set_up_factor";
import { EntryFrame } from "./entry_frame";

export function FactorPage({ onDone, onLeave }: { onDone(): void; onLeave(): void }) {
  const { t } = useTranslation();
  return (
    <EntryFrame title={t("factor.title")} hint={t("factor.required")}>
      <SetUpFactor onDone={onDone} />
      <Button variant="subtle" onClick={onLeave}>
        {t("account.signOut")}
      </Button>
    </EntryFrame>
  );
}

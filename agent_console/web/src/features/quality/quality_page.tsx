// Quality: what is to be evaluated, evaluations, calibrations, sampling plans, forms; each a tab that
// stands in the address, as does the evaluation that is open. Agents see their own evaluations.
import { Tabs, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { QUALITY_TABS, type QualityTab } from "@/state/addresses";
import { useSession } from "@/state/session";
import { Calibrations } from "./calibrations";
import { Evaluations } from "./evaluations";
import { Forms } from "./forms";
import { OpenEvaluation } from "./open_evaluation";
import { Plans } from "./plans";
import { Todo } from "./todo";

const PANELS: Record<QualityTab, () => React.ReactNode> = {
  todo: Todo,
  list: Evaluations,
  calibrations: Calibrations,
  plans: Plans,
  forms: Forms,
};

export function QualityPage() {
  const { t } = useTranslation();
  const { role } = useSession();
  const navigate = useNavigate();
  const { tab, open } = useSearch({ from: "/inside/quality" });
  if (open !== undefined) return <OpenEvaluation key={open} id={open} />;
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("page.quality")}
      </Title>
      {role === "agent" ? (
        <Evaluations />
      ) : (
        <Tabs
          value={tab ?? "todo"}
          keepMounted={false}
          onChange={(chosen) =>
            void navigate({
              to: "/quality",
              search: chosen === null ? {} : { tab: chosen as QualityTab },
            })
          }
        >
          <Tabs.List mb="md">
            {QUALITY_TABS.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {t(`qualityTab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {QUALITY_TABS.map((one) => {
            const Panel = PANELS[one];
            return (
              <Tabs.Panel key={one} value={one}>
                <Panel />
              </Tabs.Panel>
            );
          })}
        </Tabs>
      )}
    </>
  );
}

// The figures on top, each with its definition and what it was in the period that is compared with.
import { Card, Group, SimpleGrid, Text, Tooltip } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { Asked, Figure, Report } from "@/wire/reports";
import { leadBefore, leadOf } from "./behind";
import { FigureNumber } from "./number";
import { valueText } from "./values";

/** A title; who points at it, or comes to it by keyboard, reads what is counted. */
export function FigureTitle({ figure }: { figure: Figure }) {
  const zh = useLanguage() === "zh";
  return (
    <Tooltip
      label={figure.text[zh ? 1 : 0]}
      multiline
      w={300}
      events={{ hover: true, focus: true, touch: true }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keys */}
      <span tabIndex={0} className="cc-defined">
        {figure.title[zh ? 1 : 0]}
      </span>
    </Tooltip>
  );
}

/** A card leads to what is behind its number, wherever it is clicked. */
export function Cards({
  report,
  asked,
  figures,
}: {
  report: Report;
  asked: Asked;
  figures: Map<string, Figure>;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const title = (figure: Figure) => figure.title[language === "zh" ? 1 : 0] ?? figure.name;
  const cards = Object.entries(report.cards);
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: Math.max(5, cards.length) }}>
      {cards.map(([name, value]) => {
        const figure = figures.get(name);
        if (figure === undefined) return null;
        const before = report.before?.[name];
        return (
          <Card withBorder key={name} padding="sm" data-card={name} className="cc-figure-card">
            <Group gap={4} wrap="nowrap" className="cc-above">
              <Text size="sm" c="dimmed">
                <FigureTitle figure={figure} />
              </Text>
              <IconInfoCircle size={14} aria-hidden className="cc-no-print" />
            </Group>
            <Text fz={26} fw={650} className="cc-figures">
              <FigureNumber
                figure={figure}
                value={value}
                lead={leadOf(report, null, null, asked, figure, value)}
                label={`${title(figure)}: ${valueText(figure, value, language)}`}
                className="cc-number cc-whole-card"
              >
                {valueText(figure, value, language)}
              </FigureNumber>
            </Text>
            {before !== undefined && (
              <Text size="xs" c={tone(figure, value, before)} className="cc-above">
                <FigureNumber
                  figure={figure}
                  value={before}
                  lead={leadBefore(report, asked, figure, before)}
                  label={`${title(figure)}, ${t("report.was", { value: valueText(figure, before, language) })}`}
                  className="cc-quiet-number"
                >
                  {t("report.was", { value: valueText(figure, before, language) })}
                </FigureNumber>
              </Text>
            )}
          </Card>
        );
      })}
    </SimpleGrid>
  );
}

function tone(figure: Figure, now: number | null, before: number | null): string {
  if (figure.better === "" || now === null || before === null || now === before) return "dimmed";
  return now > before === (figure.better === "up") ? "green" : "red";
}

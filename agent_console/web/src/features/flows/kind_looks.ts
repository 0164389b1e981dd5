// Icon and colour of each kind of node; a kind nobody has drawn for yet gets its group's.
import {
  IconAddressBook,
  IconArrowBack,
  IconArrowsSplit,
  IconCalendarTime,
  IconClockHour4,
  IconDatabaseSearch,
  IconDialpad,
  IconFlag,
  IconGitBranch,
  IconHeadset,
  IconHourglass,
  IconLanguage,
  IconMessage,
  IconMicrophone,
  IconPercentage,
  IconPhoneCall,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconQuestionMark,
  IconRecordMail,
  IconSitemap,
  IconStars,
  IconVariable,
  IconVolume,
  IconWorldSearch,
  type TablerIcon,
} from "@tabler/icons-react";

const ICONS: Record<string, TablerIcon> = {
  play: IconVolume,
  say: IconMessage,
  menu: IconDialpad,
  language: IconLanguage,
  collect: IconDialpad,
  hours: IconCalendarTime,
  set: IconVariable,
  condition: IconQuestionMark,
  switch: IconGitBranch,
  split: IconPercentage,
  milestone: IconFlag,
  lookup: IconDatabaseSearch,
  text: IconMessage,
  estimate: IconHourglass,
  http: IconWorldSearch,
  callback: IconPhoneCall,
  survey: IconStars,
  record: IconMicrophone,
  queue: IconHeadset,
  voicemail: IconRecordMail,
  hangup: IconPhoneOff,
  transfer: IconPhoneOutgoing,
  subflow: IconSitemap,
  return: IconArrowBack,
};

const GROUPS: Record<string, { icon: TablerIcon; color: string }> = {
  speak: { icon: IconVolume, color: "var(--mantine-color-blue-6)" },
  ask: { icon: IconDialpad, color: "var(--mantine-color-teal-6)" },
  decide: { icon: IconArrowsSplit, color: "var(--mantine-color-violet-6)" },
  data: { icon: IconAddressBook, color: "var(--mantine-color-indigo-6)" },
  offer: { icon: IconClockHour4, color: "var(--mantine-color-pink-6)" },
  end: { icon: IconFlag, color: "var(--mantine-color-orange-6)" },
};

export const GROUP_ORDER = Object.keys(GROUPS);

export function looksOf(kind: string, group: string): { icon: TablerIcon; color: string } {
  const usual = GROUPS[group] ?? { icon: IconQuestionMark, color: "var(--mantine-color-gray-6)" };
  return { icon: ICONS[kind] ?? usual.icon, color: usual.color };
}

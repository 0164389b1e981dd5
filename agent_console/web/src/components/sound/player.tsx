// Sound in the page, with seek; fetched only when somebody listens.
import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

export function Player({
  source,
  label,
  onPlay,
}: {
  source: string;
  label: string;
  onPlay?: () => void;
}) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: the words, where they are known, stand beside it */}
      <audio
        controls
        preload="none"
        src={source}
        aria-label={label}
        className="cc-player"
        onPlay={() => {
          setBroken(false);
          onPlay?.();
        }}
        onError={() => setBroken(true)}
      />
      {broken && (
        <Text size="xs" c="red" role="alert">
          {t("sound.cannotPlay")}
        </Text>
      )}
    </>
  );
}

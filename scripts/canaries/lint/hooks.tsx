import { useEffect, useState } from "react";

export function Broken({ isOn, value }: { isOn: boolean; value: number }) {
  if (isOn) useState(0);
  const [, setSeen] = useState(0);
  useEffect(() => {
    setSeen(value);
  }, []);
  return null;
}

import { useEffect, useRef, useState } from "react";
import { type AnswerFor, type CallInput, type RouteId, urlOf } from "./call.ts";

export type StreamState = "open" | "retrying" | "ended";

/**
 * Follows a stream of `update` events while `isOn`; the browser opens it again where it broke off, after the last event it
 * saw. `onUpdate` answers "end" after the last one.
 */
export function useEvents<Id extends RouteId>(
  id: Id,
  input: Pick<CallInput<Id>, "params" | "query">,
  isOn: boolean,
  onUpdate: (data: AnswerFor<Id>) => "end" | void,
): StreamState {
  const url = urlOf(id, input);
  const [state, setState] = useState<StreamState>("open");
  const handler = useRef(onUpdate);
  useEffect(() => {
    handler.current = onUpdate;
  });

  useEffect(() => {
    if (!isOn) return;
    const source = new EventSource(url);
    source.addEventListener("open", () => setState("open"));
    source.addEventListener("error", () => setState(source.readyState === EventSource.CLOSED ? "ended" : "retrying"));
    source.addEventListener("update", (event: MessageEvent<string>) => {
      if (handler.current(JSON.parse(event.data) as AnswerFor<Id>) !== "end") return;
      source.close();
      setState("ended");
    });
    return () => source.close();
  }, [url, isOn]);

  return state;
}

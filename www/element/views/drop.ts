/**
 * A file that is dropped onto the element is opened.
 */

/** Handlers for the frame; `open` gets the file. */
export function dropHandlers(open: (file: File) => void): {
  onDragOver: (event: DragEvent & { currentTarget: HTMLElement }) => void;
  onDragLeave: (event: DragEvent & { currentTarget: HTMLElement }) => void;
  onDrop: (event: DragEvent & { currentTarget: HTMLElement }) => void;
} {
  const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
  return {
    onDragOver(event) {
      if (!hasFile(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
      event.currentTarget.classList.add("dropping");
    },
    onDragLeave(event) {
      const { currentTarget, relatedTarget } = event;
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) {
        currentTarget.classList.remove("dropping");
      }
    },
    onDrop(event) {
      event.currentTarget.classList.remove("dropping");
      if (!hasFile(event)) return;
      // The browser would leave the page for the file.
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) open(file);
    },
  };
}

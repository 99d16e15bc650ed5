import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { SectionProps } from './agent-section.tsx';
import { toolDraftOf } from './settings-draft.ts';
import type { ToolDraft } from './settings-draft.ts';
import { SettingsSection } from './settings-section.tsx';
import { ToolEditor } from './tool-editor.tsx';
import { toolTemplates } from './tool-templates.ts';

/** The owner's own tools. */
export function ToolsSection({ draft, problems, isDisabled, change }: SectionProps) {
  const [added, setAdded] = useState(0);
  const replace = (key: string, changed: Partial<ToolDraft>) =>
    change({ tools: draft.tools.map((tool) => (tool.key === key ? { ...tool, ...changed } : tool)) });

  function add(template: (typeof toolTemplates)[number]): void {
    const names = new Set(draft.tools.map(({ name }) => name));
    let { name } = template.tool;
    for (let count = 2; names.has(name); count += 1) name = `${template.tool.name}_${count}`;
    setAdded(added + 1);
    change({ tools: [...draft.tools, toolDraftOf({ ...template.tool, name }, `added-${added}`)] });
  }

  return (
    <SettingsSection
      id="tools"
      title="Your own tools"
      intro="What the agent may use in a call besides what is built in. The model sees name, description and schema."
    >
      {problems['tools'] !== undefined && <p className="text-sm font-medium text-bad">{problems['tools']}</p>}
      {draft.tools.length === 0 && (
        <p className="rounded-lg bg-sunken px-4 py-3 text-sm text-muted">No tools of your own yet.</p>
      )}
      {draft.tools.map((tool, index) => (
        <ToolEditor
          key={tool.key}
          tool={tool}
          problemOf={(field) => problems[`tools.${index}.${field}`]}
          isDisabled={isDisabled}
          onChange={(changed) => replace(tool.key, changed)}
          onRemove={() => change({ tools: draft.tools.filter(({ key }) => key !== tool.key) })}
        />
      ))}
      {!isDisabled && (
        <div role="group" aria-label="Add a tool" className="flex flex-wrap gap-2">
          {toolTemplates.map((template) => (
            <button
              key={template.label}
              type="button"
              className="flex min-h-11 cursor-pointer items-center gap-2 rounded-lg border border-edge px-3 text-sm font-medium"
              onClick={() => add(template)}
            >
              <Plus aria-hidden="true" className="size-4" />
              {template.label}
            </button>
          ))}
        </div>
      )}
    </SettingsSection>
  );
}

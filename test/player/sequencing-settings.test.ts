import { readScormPackage } from '../../src/courses/packages/scorm-package';
import { parseXml } from '../../src/courses/packages/xml';
import { sequencedTree } from '../../src/player/sequencing-settings';
import { filesOf, manifestOf, scormItems } from '../support/course-packages';

const shared = `<imsss:sequencingCollection><imsss:sequencing ID="common">
  <imsss:rollupRules rollupObjectiveSatisfied="false" objectiveMeasureWeight="0.5"/>
  <imsss:deliveryControls tracked="true" completionSetByContent="true"/>
  </imsss:sequencing></imsss:sequencingCollection>`;

const item = `<item identifier="a" identifierref="res"><title>A</title>
  <adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.8" progressWeight="0.3"/>
  <adlcp:data><adlcp:map targetID="notes" readSharedData="true" writeSharedData="false"/></adlcp:data>
  <imsss:sequencing IDRef="common">
    <imsss:controlMode choice="false" flow="true" forwardOnly="true"/>
    <imsss:sequencingRules>
      <imsss:preConditionRule><imsss:ruleConditions conditionCombination="any">
        <imsss:ruleCondition condition="objectiveMeasureGreaterThan" operator="not" measureThreshold="0.4" referencedObjective="s"/>
      </imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule>
      <imsss:postConditionRule><imsss:ruleConditions><imsss:ruleCondition condition="always"/></imsss:ruleConditions>
        <imsss:ruleAction action="retry"/></imsss:postConditionRule>
    </imsss:sequencingRules>
    <imsss:limitConditions attemptLimit="2" attemptAbsoluteDurationLimit="PT1H"/>
    <imsss:objectives>
      <imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure>
        <imsss:mapInfo targetObjectiveID="g" writeSatisfiedStatus="true"/></imsss:primaryObjective>
      <imsss:objective objectiveID="s"/>
    </imsss:objectives>
    <adlseq:objectives><adlseq:objective objectiveID="p"><adlseq:mapInfo targetObjectiveID="g" writeCompletionStatus="true"/>
      </adlseq:objective></adlseq:objectives>
    <imsss:randomizationControls randomizationTiming="once" selectCount="1" reorderChildren="true" selectionTiming="once"/>
    <adlseq:constrainedChoiceConsiderations constrainChoice="true" preventActivation="true"/>
    <adlseq:rollupConsiderations requiredForSatisfied="ifAttempted" measureSatisfactionIfActive="false"/>
  </imsss:sequencing>
  <adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI> continue </adlnav:hideLMSUI></adlnav:navigationInterface>
  </adlnav:presentation></item>`;

const rollup = `<imsss:sequencing><imsss:rollupRules><imsss:rollupRule childActivitySet="atLeastPercent" minimumPercent="0.5">
  <imsss:rollupConditions conditionCombination="all"><imsss:rollupCondition operator="not" condition="satisfied"/></imsss:rollupConditions>
  <imsss:rollupAction action="completed"/></imsss:rollupRule></imsss:rollupRules></imsss:sequencing>`;

describe('a manifest’s sequencing as scorm-again takes it', () => {
  it('has all of an item’s parts, its own before those that it refers to', async () => {
    const resource =
      '<resource identifier="res" type="webcontent" adlcp:scormType="sco" href="index.html"><file href="index.html"/></resource>';
    const xml = manifestOf({ ...scormItems(item + rollup, resource, '2004 4th Edition'), more: shared });
    const files = filesOf({ 'imsmanifest.xml': xml, 'index.html': '' });
    const { rootActivity, sequenced } = await readScormPackage(files, 'imsmanifest.xml');
    expect(sequenced).toBe(true);
    const tree = sequencedTree(rootActivity, parseXml(Buffer.from(xml), { file: 'imsmanifest.xml' }));
    expect(tree).toMatchObject({
      id: 'org',
      rollupRules: {
        rules: [
          {
            action: 'completed',
            consideration: 'atLeastPercent',
            minimumPercent: 50,
            conditionCombination: 'all',
            conditions: [{ condition: 'satisfied', operator: 'not' }],
          },
        ],
      },
    });
    expect(tree.children).toEqual([
      {
        id: 'a',
        title: 'A',
        isVisible: true,
        sequencingControls: {
          choice: false,
          flow: true,
          forwardOnly: true,
          constrainChoice: true,
          preventActivation: true,
          rollupObjectiveSatisfied: false,
          objectiveMeasureWeight: 0.5,
          selectionTiming: 'once',
          selectCount: 1,
          randomizationTiming: 'once',
          randomizeChildren: true,
          reorderChildren: true,
        },
        sequencingRules: {
          preConditionRules: [
            {
              action: 'skip',
              conditionCombination: 'any',
              conditions: [
                {
                  condition: 'objectiveMeasureGreaterThan',
                  operator: 'not',
                  referencedObjective: 's',
                  parameters: { threshold: 0.4 },
                },
              ],
            },
          ],
          exitConditionRules: [],
          postConditionRules: [{ action: 'retry', conditionCombination: 'all', conditions: [{ condition: 'always' }] }],
        },
        rollupRules: { rules: [] },
        rollupConsiderations: { requiredForSatisfied: 'ifAttempted', measureSatisfactionIfActive: false },
        primaryObjective: {
          objectiveID: 'p',
          isPrimary: true,
          satisfiedByMeasure: true,
          minNormalizedMeasure: 0.7,
          mapInfo: [{ targetObjectiveID: 'g', writeSatisfiedStatus: true, writeCompletionStatus: true }],
        },
        objectives: [
          { objectiveID: 's', isPrimary: false, satisfiedByMeasure: false, minNormalizedMeasure: 1, mapInfo: [] },
        ],
        attemptLimit: 2,
        attemptAbsoluteDurationLimit: 'PT1H',
        deliveryControls: { tracked: true, completionSetByContent: true },
        completionThreshold: { completedByMeasure: true, minProgressMeasure: 0.8, progressWeight: 0.3 },
        hideLmsUi: ['continue'],
        sharedDataMaps: [{ targetID: 'notes', readSharedData: true, writeSharedData: false }],
      },
    ]);
  });
});
